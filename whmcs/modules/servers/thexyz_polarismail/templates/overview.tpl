{assign var=seen value=$pm.overview}
<section class="panel panel-default card pm-card" aria-labelledby="pm-mailbox">
  <div class="panel-heading card-header"><h3 id="pm-mailbox" class="pm-title">{$pm.lang.mailbox|escape}</h3></div>
  <div class="panel-body card-body">
    {if !empty($pm.may.webmail.allowed)}
      <form method="post" target="_blank" class="pm-form-openWebmail" action="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}">
        {include file="`$pm.tplDir`/partials/hidden.tpl" call='openWebmail'}
        <button type="submit" class="btn btn-primary">{$pm.lang.webmail_open|escape}</button>
      </form>
    {elseif !empty($pm.may.webmail.sentence)}
      <p class="pm-why">{$pm.may.webmail.sentence|escape}</p>
    {/if}
    <dl class="pm-facts">
      <div><dt>{$pm.lang.state|escape}</dt><dd><span class="label badge pm-state pm-state-{$seen.state|escape}">{$pm.state|escape}</span></dd></div>
      <div>
        <dt id="pm-usage">{$pm.lang.usage|escape}</dt>
        <dd>
          {if isset($seen.usage.used_bytes)}
            <progress class="pm-usage" max="{$pm.quotaBytes|escape}" value="{$seen.usage.used_bytes|escape}" aria-labelledby="pm-usage"></progress>
          {/if}
          {$pm.lang.usage_of|replace:'{used}':$pm.usedSize|replace:'{quota}':$pm.quotaSize|escape}
          {if empty($seen.usage.fresh) && !empty($seen.usage.seen_at)}
            {assign var=date value=$seen.usage.seen_at|truncate:16:''|replace:'T':' '}
            <span class="text-muted">({$pm.lang.usage_seen|replace:'{date}':$date|escape} UTC)</span>
          {/if}
        </dd>
      </div>
      <div><dt>{$pm.lang.account_type|escape}</dt><dd>{$seen.plan.account_type|default:''|escape}</dd></div>
      <div><dt>{$pm.lang.quota|escape}</dt><dd>{$pm.quotaSize|escape}</dd></div>
      {foreach ['aliases', 'lists'] as $what}
        {assign var=label value="nav_`$what`"}
        <div>
          <dt>{$pm.lang[$label]|escape}</dt>
          <dd>{include file="`$pm.tplDir`/partials/limit.tpl" limit=$seen.limits[$what]}</dd>
        </div>
      {/foreach}
      {if !empty($seen.usage.last_login_at)}
        <div><dt>{$pm.lang.last_login|escape}</dt><dd>{$seen.usage.last_login_at|truncate:16:''|replace:'T':' '|escape} UTC</dd></div>
      {/if}
    </dl>
  </div>
</section>

<section class="panel panel-default card pm-card" aria-labelledby="pm-program">
  <div class="panel-heading card-header"><h3 id="pm-program" class="pm-title">{$pm.lang.mail_program|escape}</h3></div>
  <div class="panel-body card-body">
    {if !empty($seen.mail_program.servers)}
      <p>{$pm.lang.mail_program_text|escape}</p>
      <div class="table-responsive">
        <table class="table table-striped pm-stack">
          <thead>
            <tr>
              <th scope="col">{$pm.lang.mail_program_for|escape}</th>
              <th scope="col">{$pm.lang.mail_program_host|escape}</th>
              <th scope="col">{$pm.lang.mail_program_port|escape}</th>
              <th scope="col">{$pm.lang.mail_program_security|escape}</th>
              <th scope="col">{$pm.lang.mail_program_user|escape}</th>
            </tr>
          </thead>
          <tbody>
            {foreach $seen.mail_program.servers as $server}
              <tr>
                {assign var=way value='mail_program_incoming'}
                {if $server.protocol == 'SMTP'}{assign var=way value='mail_program_outgoing'}{/if}
                <th scope="row">{$pm.lang[$way]|escape} ({$server.protocol|escape})</th>
                <td data-label="{$pm.lang.mail_program_host|escape}">{$server.host|escape}</td>
                <td data-label="{$pm.lang.mail_program_port|escape}">{$server.port|escape}</td>
                <td data-label="{$pm.lang.mail_program_security|escape}">{$server.security|escape}</td>
                <td data-label="{$pm.lang.mail_program_user|escape}">{$seen.mail_program.username|escape}</td>
              </tr>
            {/foreach}
          </tbody>
        </table>
      </div>
    {else}
      <p>{$pm.lang.mail_program_unknown|replace:'{address}':$pm.address|escape}</p>
    {/if}
  </div>
</section>

{include file="`$pm.tplDir`/partials/billing.tpl"}
