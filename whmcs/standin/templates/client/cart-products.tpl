{foreach $groups as $group}
<h2>{$group.name|escape}</h2>
<div class="row products">
  {foreach $group.products as $product}
  <div class="col-md-6"><div class="panel panel-default card mb-3 product"><div class="panel-body card-body">
    <h3 class="h5">{$product->name|escape}</h3><p>{$product->description|escape}</p><p><strong>${$product->price|string_format:'%.2f'} USD</strong> Monthly</p>
    <a href="{$WEB_ROOT}/cart.php?a=add&amp;pid={$product->id}" class="btn btn-success btn-order-now" id="product{$product->id}-order-button">Order Now</a>
  </div></div></div>
  {/foreach}
</div>
{/foreach}
