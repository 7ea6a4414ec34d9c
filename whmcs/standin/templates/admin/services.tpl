{extends file="layout.tpl"}
{block name=body}
<div class="table-responsive"><table class="table table-striped" id="services">
  <thead><tr><th>ID</th><th>Product/Service</th><th>Domain</th><th>Username</th><th>Status</th></tr></thead>
  <tbody>{foreach $services as $service}<tr><td>{$service->id}</td><td><a href="clientsservices.php?userid={$service->userid}&amp;id={$service->id}">{$service->product}</a></td><td>{$service->domain nofilter}</td><td>{$service->username nofilter}</td><td>{$service->domainstatus}</td></tr>
  {foreachelse}<tr><td colspan="5">No Records Found</td></tr>{/foreach}</tbody>
</table></div>
{/block}
