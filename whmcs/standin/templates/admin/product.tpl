{extends file="layout.tpl"}
{block name=body}
<h2 class="h4">Edit Product: {$product->name}</h2>
<ul class="nav nav-tabs mb-3">
  {foreach $tabs as $name => $label}<li class="nav-item"><a class="nav-link{if $name == $tab} active{/if}" href="configproducts.php?action=edit&amp;id={$product->id}&amp;tab={$name}">{$label}</a></li>{/foreach}
</ul>
{include file="product-{$tab}.tpl"}
{/block}
