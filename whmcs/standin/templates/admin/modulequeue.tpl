{extends file="layout.tpl"}
{block name=body}
<div class="table-responsive"><table class="table table-striped" id="modulequeue">
  <thead><tr><th>Service</th><th>Module</th><th>Action</th><th>Last Attempt</th><th>Error</th><th></th></tr></thead>
  <tbody>{foreach $entries as $entry}<tr><td><a href="clientsservices.php?id={$entry->service_id}">{$entry->service_id}</a></td><td>{$entry->module_name}</td><td>{$entry->module_action}</td><td>{$entry->last_attempt}, {$entry->num_retries} retries</td><td>{$entry->last_attempt_error}</td>
    <td><form method="post" action="modulequeue.php" class="standin-buttons"><input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$entry->id}"><button class="btn btn-primary btn-sm" name="action" value="retry">Retry</button><button class="btn btn-outline-secondary btn-sm" name="action" value="resolve">Mark Resolved</button></form></td></tr>
  {foreachelse}<tr><td colspan="6">The module queue is empty</td></tr>{/foreach}</tbody>
</table></div>
<p>{$completed} completed.</p>
{/block}
