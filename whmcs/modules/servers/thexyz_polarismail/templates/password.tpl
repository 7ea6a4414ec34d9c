{* WHMCS's own form, so that WHMCS knows the new password too. *}
<section class="panel panel-default card pm-card" aria-labelledby="pm-password">
  <div class="panel-heading card-header"><h3 id="pm-password" class="pm-title">{$pm.lang.password_title|escape}</h3></div>
  <div class="panel-body card-body">
    {if !empty($pm.may.password.allowed)}
      <form method="post" class="pm-form-password" action="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}&amp;pm=password">
        <input type="hidden" name="token" value="{$pm.csrfToken|escape}">
        <input type="hidden" name="id" value="{$pm.serviceId|escape}">
        <input type="hidden" name="modulechangepassword" value="true">
        <input type="text" name="pm-user" value="{$pm.address|escape}" autocomplete="username" readonly hidden>
        <p id="pm-rules">{$pm.lang.password_rules|escape}</p>
        <ul class="pm-rules" aria-describedby="pm-rules">
          {foreach ['length', 'spaces', 'upper', 'lower', 'digit', 'symbol'] as $rule}
            {assign var=label value="password_rule_`$rule`"}
            <li data-rule="{$rule}">{$pm.lang[$label]|escape}</li>
          {/foreach}
        </ul>
        <div class="form-group">
          <label for="pm-newpw">{$pm.lang.password_new|escape}</label>
          <input id="pm-newpw" class="form-control" type="password" name="newpw" autocomplete="new-password" aria-describedby="pm-rules" required>
        </div>
        <div class="form-group">
          <label for="pm-confirmpw">{$pm.lang.password_confirm|escape}</label>
          <input id="pm-confirmpw" class="form-control" type="password" name="confirmpw" autocomplete="new-password" required>
        </div>
        <p class="pm-show" hidden><label><input type="checkbox" data-show-passwords> {$pm.lang.password_show|escape}</label></p>
        <p>{$pm.lang.password_after|escape}</p>
        <button type="submit" class="btn btn-primary">{$pm.lang.password_save|escape}</button>
      </form>
    {elseif !empty($pm.may.password.sentence)}
      <p class="pm-why">{$pm.may.password.sentence|escape}</p>
    {/if}
  </div>
</section>
