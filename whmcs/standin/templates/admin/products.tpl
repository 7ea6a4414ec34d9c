{extends file="layout.tpl"}
{block name=body}
<p><a class="btn btn-secondary" href="configproducts.php?action=creategroup">Create a New Group</a>
   <a class="btn btn-primary" href="configproducts.php?action=create">Create a New Product</a></p>
<div class="table-responsive"><table class="table table-striped" id="products">
  <thead><tr><th>Product Name</th><th>Type</th><th>Module</th><th>Automatic Setup</th><th></th></tr></thead>
  <tbody>{foreach $groups as $group}
    <tr class="table-secondary"><th colspan="5">Group Name: {$group->name}</th></tr>
    {foreach $products as $product}{if $product->gid == $group->id}
    <tr><td>{$product->name}</td><td>{$types[$product->type]|default:$product->type}</td><td>{$modules[$product->servertype]|default:$product->servertype}</td>
      <td>{$setup[$product->autosetup]}</td><td><a href="configproducts.php?action=edit&amp;id={$product->id}">Edit</a></td></tr>
    {/if}{/foreach}
  {/foreach}</tbody>
</table></div>
{/block}
