{if $errors}<div class="alert alert-danger checkout-error-feedback" role="alert"><p>The following errors occurred:</p><ul>{$errors}</ul></div>{/if}
{foreach $lines as $line}
<div class="panel panel-default card mb-3 cart-item"><div class="panel-body card-body">
  <h2 class="h5">{$line.name|escape}{if $line.qty > 1} × {$line.qty}{/if} <small>{$line.price} Monthly</small></h2>
  {foreach $line.typed as $name => $value}<p><strong>{$name|escape}</strong> {$value}</p>{/foreach}
  <a class="btn btn-default btn-outline-secondary btn-sm" href="{$WEB_ROOT}/cart.php?a=confproduct&amp;i={$line@index}">Edit</a>
  <form method="post" action="{$WEB_ROOT}/cart.php" class="standin-inline"><input type="hidden" name="token" value="{$token}"><input type="hidden" name="i" value="{$line@index}"><button class="btn btn-default btn-outline-secondary btn-sm" name="a" value="remove">Remove</button></form>
</div></div>
{foreachelse}<p>Your Shopping Cart is Empty</p><p><a class="btn btn-primary" href="{$WEB_ROOT}/cart.php">Continue Shopping</a></p>{/foreach}
{if $lines}
<form method="post" action="{$WEB_ROOT}/cart.php?a=checkout" id="frmCheckout">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="a" value="checkout"><input type="hidden" name="submit" value="true"><input type="hidden" name="paymentmethod" value="banktransfer">
  <p>Payment Method: Bank Transfer</p>
  <a class="btn btn-default btn-outline-secondary" href="{$WEB_ROOT}/cart.php">Continue Shopping</a>
  <button type="submit" id="btnCompleteOrder" class="btn btn-primary btn-lg">Complete Order</button>
</form>
{/if}
