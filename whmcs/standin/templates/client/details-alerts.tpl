{* The result of a custom function is printed as it is, as the themes of WHMCS do: a module must escape it. *}
{if $modulecustombuttonresult}
  {if $modulecustombuttonresult == "success"}
  <div class="alert alert-success text-center" id="alertModuleCustomButtonSuccess">Action Completed Successfully!</div>
  {else}
  <div class="alert alert-danger text-center" id="alertModuleCustomButtonFailed">Action Failed! {$modulecustombuttonresult}</div>
  {/if}
{/if}
{if $ssoerror}<div class="alert alert-danger text-center" id="alertSsoFailed">{$ssoerror|escape}</div>{/if}
{if $modulechangepwresult == "success"}
<div class="alert alert-success text-center" id="alertModuleChangePwSuccess">{$modulechangepasswordmessage|strip_tags}</div>
{elseif $modulechangepwresult == "error"}
<div class="alert alert-danger text-center" id="alertModuleChangePwFailed">{$modulechangepasswordmessage|strip_tags}</div>
{/if}
