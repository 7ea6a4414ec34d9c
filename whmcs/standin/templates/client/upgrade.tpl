{if $result == "success"}<div class="alert alert-success" role="status">The upgrade is paid and has been made.</div>
{elseif $result}<div class="alert alert-warning" role="status">The upgrade is paid; staff have been told that it could not be made yet.</div>{/if}
<form method="post" action="{$WEB_ROOT}/upgrade.php?type={$kind|escape:'url'}&amp;id={$serviceid}" class="standin-narrow" id="upgradeform">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$serviceid}">
  {if $kind == 'configoptions'}
    {foreach $options as $optionid => $entry}<div class="form-group"><label for="inputConfigOption{$optionid}">{$entry.option->optionname|escape}</label>
      <select class="form-control" id="inputConfigOption{$optionid}" name="configoption[{$optionid}]">{foreach $entry.items as $item}<option value="{$item->id}"{if $item->id == $chosen[$optionid]|default:0} selected{/if}>{$item->optionname|escape}</option>{/foreach}</select></div>{/foreach}
  {else}
    <div class="form-group"><label for="inputPid">Product</label><select class="form-control" id="inputPid" name="pid">{foreach $products as $product}<option value="{$product->id}">{$product->name|escape}</option>{/foreach}</select></div>
  {/if}
  <button type="submit" class="btn btn-primary">Click to Continue</button>
</form>
<p><a href="{$WEB_ROOT}/clientarea.php?action=productdetails&amp;id={$serviceid}">Back to Service Details</a></p>
