{extends file="layout.tpl"}
{block name=body}
<div class="table-responsive"><table class="table table-striped" id="orders">
  <thead><tr><th>ID</th><th>Order #</th><th>Date</th><th>Client Name</th><th>Total</th><th>Payment Status</th><th>Status</th></tr></thead>
  <tbody>{foreach $orders as $order}
    <tr><td><a href="orders.php?action=view&amp;id={$order->id}">{$order->id}</a></td><td><a href="orders.php?action=view&amp;id={$order->id}">{$order->ordernum}</a></td><td>{$order->date}</td><td>{$order->firstname} {$order->lastname}</td><td>${$order->amount|string_format:'%.2f'} USD</td><td>{$order->payment}</td><td>{$order->status}</td></tr>
  {foreachelse}<tr><td colspan="7">No Records Found</td></tr>{/foreach}</tbody>
</table></div>
{/block}
