{extends file="layout.tpl"}
{block name=body}
<div class="row">
  <div class="col-md-4"><div class="card mb-3"><div class="card-body"><a href="/admin/orders.php">{$orders} pending orders</a></div></div></div>
  <div class="col-md-4"><div class="card mb-3"><div class="card-body"><a href="/admin/modulequeue.php">{$queue} in the module queue</a></div></div></div>
  <div class="col-md-4"><div class="card mb-3"><div class="card-body"><a href="/admin/clientsservices.php">Services</a>:
    {foreach $states as $row}{$row->number} {$row->state}{if !$row@last}, {/if}{foreachelse}none yet{/foreach}</div></div></div>
</div>
<p><a class="btn btn-secondary" href="/clientarea.php">Client area</a> <a class="btn btn-secondary" href="/cart.php">Order form</a></p>
{/block}
