{if $sidebar}{foreach $sidebar->getChildren() as $panel}
<div menuItemName="{$panel->getName()|escape}" class="panel panel-default panel-sidebar card card-sidebar mb-3 {$panel->getClass()|escape}">
  <div class="panel-heading card-header"><h3 class="panel-title card-title m-0">{$panel->getLabel()}</h3></div>
  {if $panel->getBodyHtml()}<div class="panel-body card-body">{$panel->getBodyHtml()}</div>{/if}
  {if $panel->hasChildren()}<div class="list-group list-group-flush" role="tablist">
    {foreach $panel->getChildren() as $child}
    {if $child->getUri()}<a menuItemName="{$child->getName()|escape}" href="{$child->getUri()|escape}" class="list-group-item list-group-item-action {$child->getClass()|escape}" id="{$panel->getName()|escape:'url'}-{$child->getName()|escape:'url'}">{$child->getLabel()}</a>
    {else}<div menuItemName="{$child->getName()|escape}" class="list-group-item {$child->getClass()|escape}">{$child->getLabel()}</div>{/if}
    {/foreach}
  </div>{/if}
  {if $panel->getFooterHtml()}<div class="panel-footer card-footer">{$panel->getFooterHtml()}</div>{/if}
</div>
{/foreach}{/if}
