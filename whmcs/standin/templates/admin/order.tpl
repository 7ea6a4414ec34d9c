{extends file="layout.tpl"}
{block name=body}
<h2 class="h4">Order {$order->ordernum}</h2>
<dl class="row standin-form"><dt class="col-4">Client</dt><dd class="col-8">{$client->firstname} {$client->lastname}</dd><dt class="col-4">Status</dt><dd class="col-8" id="orderstatus">{$order->status}</dd><dt class="col-4">Payment Status</dt><dd class="col-8" id="paymentstatus">{$payment}</dd></dl>
<div class="table-responsive"><table class="table table-striped" id="orderitems">
  <thead><tr><th>Item</th><th>Domain</th><th>Username</th><th>Amount</th><th>Status</th></tr></thead>
  <tbody>{foreach $services as $service}<tr><td><a href="clientsservices.php?userid={$service->userid}&amp;id={$service->id}">{$service->product}</a></td><td>{$service->domain nofilter}</td><td>{$service->username nofilter}</td><td>${$service->amount|string_format:'%.2f'} USD</td><td>{$service->domainstatus}</td></tr>{/foreach}</tbody>
</table></div>
<form method="post" action="orders.php" class="standin-buttons">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$order->id}">
  <button class="btn btn-success" name="action" value="accept">Accept Order</button>
  <button class="btn btn-secondary" name="action" value="pay">Mark Paid</button>
  <button class="btn btn-outline-secondary" name="action" value="cancel">Cancel Order</button>
  <button class="btn btn-outline-secondary" name="action" value="fraud">Set as Fraud</button>
  <button class="btn btn-outline-danger" name="action" value="delete">Delete Order</button>
</form>
{/block}
