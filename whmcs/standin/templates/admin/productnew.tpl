{extends file="layout.tpl"}
{block name=body}
<h2 class="h4">Create a New Product</h2>
<form method="post" action="configproducts.php" class="standin-form">
  <input type="hidden" name="token" value="{$token}">
  <fieldset class="form-group"><legend class="h6">Product Type</legend>
    {foreach $types as $value => $label}<div class="form-check"><input class="form-check-input" type="radio" name="type" value="{$value}" id="type-{$value}" required><label class="form-check-label" for="type-{$value}">{$label}</label></div>{/foreach}
  </fieldset>
  <div class="form-group"><label for="gid">Product Group</label><select class="form-control" id="gid" name="gid">{foreach $groups as $group}<option value="{$group->id}">{$group->name}</option>{/foreach}</select></div>
  <div class="form-group"><label for="productname">Product Name</label><input class="form-control" id="productname" name="productname" required></div>
  <button class="btn btn-primary" type="submit" name="action" value="create">Continue</button>
</form>
{/block}
