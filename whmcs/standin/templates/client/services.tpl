<div class="table-responsive"><table class="table table-striped table-list" id="tableServicesList">
  <thead><tr><th>Product/Service</th><th>Username</th><th>Next Due Date</th><th>Status</th></tr></thead>
  <tbody>{foreach $services as $service}
    <tr><td><a href="{$WEB_ROOT}/clientarea.php?action=productdetails&amp;id={$service->id}"><strong>{$service->groupname|escape} - {$service->product|escape}</strong></a>{if $service->domain}<br>{$service->domain}{/if}</td><td>{$service->username}</td><td>{$service->nextduedate}</td><td><span class="label label-default badge badge-secondary">{$service->domainstatus}</span></td></tr>
  {foreachelse}<tr><td colspan="4">You have no services yet. <a href="{$WEB_ROOT}/cart.php">Order New Services</a></td></tr>{/foreach}</tbody>
</table></div>
