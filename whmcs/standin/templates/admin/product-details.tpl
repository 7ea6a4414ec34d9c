<form method="post" action="configproducts.php" class="standin-form">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$product->id}">
  <div class="form-group"><label for="type">Product Type</label><select class="form-control" id="type" name="type">{foreach $types as $value => $label}<option value="{$value}"{if $value == $product->type} selected{/if}>{$label}</option>{/foreach}</select></div>
  <div class="form-group"><label for="gid">Product Group</label><select class="form-control" id="gid" name="gid">{foreach $groups as $group}<option value="{$group->id}"{if $group->id == $product->gid} selected{/if}>{$group->name}</option>{/foreach}</select></div>
  <div class="form-group"><label for="name">Product Name</label><input class="form-control" id="name" name="name" value="{$product->name}" required></div>
  <div class="form-group"><label for="description">Product Description</label><textarea class="form-control" id="description" name="description" rows="3">{$product->description}</textarea></div>
  <div class="form-group"><label for="price">Monthly price (USD)</label><input class="form-control" id="price" name="price" value="{$product->price}"></div>
  <div class="form-check"><input class="form-check-input" type="checkbox" id="showdomainops" name="showdomainops" value="on"{if $product->showdomainoptions} checked{/if}><label class="form-check-label" for="showdomainops">Require Domain</label></div>
  <div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="allowqty" name="allowqty" value="on"{if $product->allowqty} checked{/if}><label class="form-check-label" for="allowqty">Allow Multiple Quantities</label></div>
  <button class="btn btn-primary" type="submit" name="action" value="savedetails">Save Changes</button>
</form>
