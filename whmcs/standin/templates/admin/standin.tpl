{extends file="layout.tpl"}
{block name=body}
<h2 class="h5">Cron job</h2>
<form method="post" action="standin.php" class="standin-buttons mb-4"><input type="hidden" name="token" value="{$token}">
  <label><input type="checkbox" name="daily" value="on" checked> with the daily part (usage of each server, DailyCronJob)</label>
  <button class="btn btn-primary" name="action" value="cron">Run cron job</button></form>
<h2 class="h5">Where WHMCS versions differ</h2>
<form method="post" action="standin.php" class="standin-form mb-4"><input type="hidden" name="token" value="{$token}">
  {foreach $switches as $switch}<div class="form-group"><label for="{$switch.name}">{$switch.says}</label><select class="form-control" id="{$switch.name}" name="{$switch.name}">{foreach $switch.values as $value}<option{if $value == $switch.value} selected{/if}>{$value}</option>{/foreach}</select></div>{/foreach}
  <button class="btn btn-primary" name="action" value="switches">Save Changes</button>
</form>
<h2 class="h5">What the stand-in cannot prove</h2>
<ul class="standin-form">{foreach $limits as $sentence}<li>{$sentence}</li>{/foreach}</ul>
{/block}
