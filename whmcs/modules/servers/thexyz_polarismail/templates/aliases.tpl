{assign var=seen value=$pm.overview}
<section class="panel panel-default card pm-card" aria-labelledby="pm-aliases">
  <div class="panel-heading card-header">
    <h3 id="pm-aliases" class="pm-title">{$pm.lang.aliases_title|escape} <small>{include file="`$pm.tplDir`/partials/limit.tpl" limit=$seen.limits.aliases}</small></h3>
  </div>
  <div class="panel-body card-body">
    <p>{$pm.lang.aliases_intro|escape}</p>
    {if empty($seen.aliases)}
      <p class="pm-empty">{$pm.lang.aliases_none|escape}{if !empty($pm.may.alias_add.allowed)} {$pm.lang.aliases_none_add|escape}{/if}</p>
    {else}
      <div class="table-responsive">
        <table class="table table-striped pm-stack">
          <thead>
            <tr>
              <th scope="col">{$pm.lang.alias|escape}</th>
              <th scope="col">{$pm.lang.alias_delivers|escape}</th>
              <th scope="col">{$pm.lang.alias_since|escape}</th>
              {if !empty($pm.may.alias_remove.allowed)}<th scope="col">{$pm.lang.alias_actions|escape}</th>{/if}
            </tr>
          </thead>
          <tbody>
            {foreach $seen.aliases as $alias}
              <tr data-alias="{$alias.address|escape}">
                <th scope="row">{$alias.address|escape}{if $alias.state neq 'active'} <span class="text-muted">({$pm.lang.being_checked|escape})</span>{/if}</th>
                <td data-label="{$pm.lang.alias_delivers|escape}">{$alias.destination|escape}</td>
                <td data-label="{$pm.lang.alias_since|escape}">{$alias.added_at|default:''|truncate:10:''|escape}</td>
                {if !empty($pm.may.alias_remove.allowed)}
                  <td>
                    <details>
                      <summary>{$pm.lang.remove|escape}<span class="sr-only visually-hidden"> {$alias.address|escape}</span></summary>
                      <form method="post" class="pm-form-removeAlias" action="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}">
                        {include file="`$pm.tplDir`/partials/hidden.tpl" call='removeAlias'}
                        <input type="hidden" name="handle" value="{$alias.handle|escape}">
                        <p>{$pm.lang.alias_remove_ask|replace:'{address}':$alias.address|escape}</p>
                        <button type="submit" class="btn btn-danger btn-sm">{$pm.lang.alias_remove_yes|replace:'{address}':$alias.address|escape}</button>
                      </form>
                    </details>
                  </td>
                {/if}
              </tr>
            {/foreach}
          </tbody>
        </table>
      </div>
    {/if}
    {if !empty($pm.may.alias_add.allowed)}
      <h4>{$pm.lang.alias_add|escape}</h4>
      <form method="post" class="pm-form-addAlias" action="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}">
        {include file="`$pm.tplDir`/partials/hidden.tpl" call='addAlias'}
        <div class="form-group">
          <label for="pm-alias-handle">{$pm.lang.alias_handle|replace:'{domain}':$seen.domain|escape}</label>
          <input id="pm-alias-handle" class="form-control" type="text" name="handle" autocomplete="off" autocapitalize="none" spellcheck="false" required>
        </div>
        <div class="form-group">
          <label for="pm-alias-destination">{$pm.lang.alias_destination|escape}</label>
          <input id="pm-alias-destination" class="form-control" type="text" inputmode="email" name="destination" value="{$pm.address|escape}" autocomplete="off" autocapitalize="none" spellcheck="false">
        </div>
        <button type="submit" class="btn btn-primary">{$pm.lang.alias_add|escape}</button>
      </form>
    {elseif !empty($pm.may.alias_add.sentence)}
      <p class="pm-why">{$pm.may.alias_add.sentence|escape}</p>
    {/if}
  </div>
</section>
