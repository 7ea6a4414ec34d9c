{extends file="layout.tpl"}
{block name=body}
<form method="post" action="configproductoptions.php" class="standin-form card card-body mb-3">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$id}">
  <div class="form-group"><label for="name">Group Name</label><input class="form-control" id="name" name="name" value="{$group->name|default:''}" required></div>
  <div class="form-group"><label for="description">Description</label><input class="form-control" id="description" name="description" value="{$group->description|default:''}"></div>
  <fieldset class="form-group"><legend class="h6">Assigned Products</legend>
  {foreach $products as $product}<div class="form-check"><input class="form-check-input" type="checkbox" name="productlinks[]" value="{$product->id}" id="product{$product->id}"{if in_array($product->id, $linked)} checked{/if}><label class="form-check-label" for="product{$product->id}">{$product->name}</label></div>{/foreach}
  </fieldset>
  <div><button class="btn btn-primary" type="submit" name="action" value="savegroup">Save Changes</button></div>
</form>
{function name=optionform}
<form method="post" action="configproductoptions.php" class="standin-form card card-body mb-3" id="option-{$key}">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$id}"><input type="hidden" name="optionid" value="{$option.id|default:'0'}">
  <h2 class="h6">{$option.name|default:'Add New Configurable Option'}</h2>
  <div class="form-group"><label for="optionname-{$key}">Option Name</label><input class="form-control" id="optionname-{$key}" name="optionname" value="{$option.name|default:''}" required></div>
  <div class="form-group"><label for="optiontype-{$key}">Option Type</label><select class="form-control" id="optiontype-{$key}" name="optiontype">{foreach $types as $value => $label}<option value="{$value}"{if $value == $option.type|default:'1'} selected{/if}>{$label}</option>{/foreach}</select></div>
  <div class="form-group"><label for="items-{$key}">Options, one a line</label><textarea class="form-control" id="items-{$key}" name="items" rows="4">{$option.items|default:''}</textarea></div>
  <div><button class="btn btn-secondary" type="submit" name="action" value="saveoption">Save Option</button></div>
</form>
{/function}
{if $id}
{foreach $options as $option}{optionform key=$option.id option=$option}{/foreach}
{optionform key="new" option=null}
{/if}
{/block}
