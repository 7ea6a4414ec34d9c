{extends file="layout.tpl"}
{block name=body}
<form method="post" action="systemmodulelog.php" class="standin-buttons mb-3">
  <input type="hidden" name="token" value="{$token}">
  {if $on}<button class="btn btn-secondary" name="action" value="disable">Disable Debug Logging</button>{else}<button class="btn btn-primary" name="action" value="enable">Enable Debug Logging</button>{/if}
  <button class="btn btn-outline-secondary" name="action" value="clear">Reset Debug Logging</button>
  <span id="modulelogstate">Module logging is {if $on}enabled{else}disabled{/if}.</span>
</form>
<div class="table-responsive"><table class="table table-striped standin-log" id="modulelog">
  <thead><tr><th>Date</th><th>Module</th><th>Action</th><th>Request</th><th>Response</th><th>Processed</th></tr></thead>
  <tbody>{foreach $entries as $entry}<tr><td>{$entry->date}</td><td>{$entry->module}</td><td>{$entry->action}</td><td><pre>{$entry->request}</pre></td><td><pre>{$entry->response}</pre></td><td><pre>{$entry->arrdata}</pre></td></tr>
  {foreachelse}<tr><td colspan="6">No Records Found</td></tr>{/foreach}</tbody>
</table></div>
{/block}
