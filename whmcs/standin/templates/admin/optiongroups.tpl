{extends file="layout.tpl"}
{block name=body}
<p><a class="btn btn-primary" href="configproductoptions.php?action=managegroup">Create a New Group</a></p>
<ul class="list-group standin-form">{foreach $groups as $group}<li class="list-group-item"><a href="configproductoptions.php?action=managegroup&amp;id={$group->id}">{$group->name}</a></li>{/foreach}</ul>
{/block}
