{* The frame of all pages of ours; it stands in place of WHMCS's own overview. *}
<link rel="stylesheet" href="{$WEB_ROOT|default:''|escape}/modules/servers/thexyz_polarismail/assets/thexyz_polarismail.css?v={$pm.version|escape}">
<div class="thexyz-pm">
  {foreach $pm.flash as $line}
    <div class="pm-flash alert {if $line.type eq 'error'}alert-danger{elseif $line.type eq 'success'}alert-success{else}alert-info{/if}" role="{if $line.type eq 'error'}alert{else}status{/if}">{$line.text|escape}</div>
  {/foreach}
  {if !empty($modulechangepwresult)}
    <div class="pm-flash alert {if $modulechangepwresult eq 'success'}alert-success{else}alert-danger{/if}" role="{if $modulechangepwresult eq 'success'}status{else}alert{/if}">
      {if $modulechangepwresult eq 'success'}{$pm.lang.password_done|escape}{else}{$pm.lang.password_failed|escape} {$modulechangepasswordmessage|default:''|strip_tags|escape:'html':'UTF-8':false}{/if}
    </div>
  {/if}

  {if !empty($pm.address)}
    <h2 class="pm-address">
      <label for="pm-address" class="pm-label">{$pm.lang.title_address|escape}</label>
      <input id="pm-address" class="pm-hero" type="text" readonly value="{$pm.address|escape}">
      <button type="button" class="btn btn-default btn-sm pm-copy" data-copy="pm-address" data-done="{$pm.lang.copied|escape}" hidden>{$pm.lang.copy|escape}</button>
    </h2>
  {/if}

  {if !empty($pm.calm)}
    <div class="alert alert-info pm-calm" role="status">{$pm.calm|escape}</div>
    {if $pm.hasBilling}{include file="`$pm.tplDir`/partials/billing.tpl"}{/if}
  {else}
    {include file="`$pm.tplDir`/partials/nav.tpl" active=$pm.page}
    {if !empty($pm.readOnly)}
      <div class="alert alert-warning pm-readonly" role="status">{$pm.readOnly|escape}</div>
    {/if}
    {include file="`$pm.tplDir`/`$pm.template`"}
  {/if}
</div>
<script src="{$WEB_ROOT|default:''|escape}/modules/servers/thexyz_polarismail/assets/thexyz_polarismail.js?v={$pm.version|escape}" defer></script>
