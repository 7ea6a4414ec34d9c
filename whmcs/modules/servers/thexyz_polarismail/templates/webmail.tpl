{* Hands the one-time login on. It is good for one use and a short time. *}
<div class="thexyz-pm">
  <h2>{$pm.lang.webmail_opening|escape}</h2>
  <p>{$pm.lang.webmail_press|escape}</p>
  {if $pm.login.method eq 'POST'}
    <form method="post" action="{$pm.login.url|escape}" class="pm-form-webmail" data-autosubmit>
      {foreach $pm.login.fields as $name => $value}
        <input type="hidden" name="{$name|escape}" value="{$value|escape}">
      {/foreach}
      <button type="submit" class="btn btn-primary">{$pm.lang.webmail_open|escape}</button>
    </form>
  {else}
    <a class="btn btn-primary" rel="noreferrer noopener" href="{$pm.login.url|escape}">{$pm.lang.webmail_open|escape}</a>
  {/if}
</div>
<script src="{$WEB_ROOT|default:''|escape}/modules/servers/thexyz_polarismail/assets/thexyz_polarismail.js?v={$pm.version|escape}" defer></script>
