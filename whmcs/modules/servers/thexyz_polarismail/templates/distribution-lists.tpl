{assign var=seen value=$pm.overview}
<h3 class="pm-title">{$pm.lang.lists_title|escape} <small>{include file="`$pm.tplDir`/partials/limit.tpl" limit=$seen.limits.lists}</small></h3>
<p>{$pm.lang.lists_intro|escape}</p>
{if empty($seen.lists)}
  <p class="pm-empty">{$pm.lang.lists_none|escape}{if !empty($pm.may.list_add.allowed)} {$pm.lang.lists_none_add|escape}{/if}</p>
{/if}
{foreach $seen.lists as $list}
  <section class="panel panel-default card pm-card" data-list="{$list.address|escape}" aria-labelledby="pm-list-{$list@index}">
    <div class="panel-heading card-header">
      <h4 id="pm-list-{$list@index}" class="pm-title">{$list.address|escape}{if $list.state neq 'active'} <small>({$pm.lang.being_checked|escape})</small>{/if}</h4>
    </div>
    <div class="panel-body card-body">
      {if empty($list.members)}
        <p class="pm-empty">{$pm.lang.members_none_yet|escape}</p>
      {else}
        <ul class="pm-members" aria-label="{$pm.lang.members_of|replace:'{address}':$list.address|escape}">
          {foreach $list.members as $member}
            <li data-member="{$member.address|escape}">
              {$member.address|escape}{if $member.state neq 'active'} <span class="text-muted">({$pm.lang.being_checked|escape})</span>{/if}
              {if !empty($pm.may.members.allowed)}
                <form method="post" class="pm-form-removeListMember" action="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}">
                  {include file="`$pm.tplDir`/partials/hidden.tpl" call='removeListMember'}
                  <input type="hidden" name="list" value="{$list.handle|escape}">
                  <input type="hidden" name="member" value="{$member.address|escape}">
                  <button type="submit" class="btn btn-default btn-xs btn-sm" aria-label="{$pm.lang.member_remove|replace:'{member}':$member.address|escape}">{$pm.lang.remove|escape}</button>
                </form>
              {/if}
            </li>
          {/foreach}
        </ul>
      {/if}
      {if !empty($pm.may.members.allowed)}
        <form method="post" class="pm-form-addListMembers" action="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}">
          {include file="`$pm.tplDir`/partials/hidden.tpl" call='addListMembers'}
          <input type="hidden" name="list" value="{$list.handle|escape}">
          <div class="form-group">
            <label for="pm-members-{$list@index}">{$pm.lang.members_field|escape}</label>
            <textarea id="pm-members-{$list@index}" class="form-control" name="members" rows="2" autocapitalize="none" spellcheck="false" required></textarea>
          </div>
          <button type="submit" class="btn btn-default">{$pm.lang.members_add|escape}</button>
        </form>
      {elseif !empty($pm.may.members.sentence)}
        <p class="pm-why">{$pm.may.members.sentence|escape}</p>
      {/if}
      {if !empty($pm.may.list_remove.allowed)}
        <details>
          <summary>{$pm.lang.list_remove|escape}<span class="sr-only visually-hidden"> {$list.address|escape}</span></summary>
          <form method="post" class="pm-form-removeList" action="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}">
            {include file="`$pm.tplDir`/partials/hidden.tpl" call='removeList'}
            <input type="hidden" name="list" value="{$list.handle|escape}">
            <p>{$pm.lang.list_remove_ask|replace:'{address}':$list.address|escape}</p>
            <button type="submit" class="btn btn-danger btn-sm">{$pm.lang.list_remove_yes|replace:'{address}':$list.address|escape}</button>
          </form>
        </details>
      {/if}
    </div>
  </section>
{/foreach}
{if !empty($pm.may.list_add.allowed)}
  <section class="panel panel-default card pm-card" aria-labelledby="pm-list-new">
    <div class="panel-heading card-header"><h4 id="pm-list-new" class="pm-title">{$pm.lang.list_add|escape}</h4></div>
    <div class="panel-body card-body">
      <form method="post" class="pm-form-addList" action="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}">
        {include file="`$pm.tplDir`/partials/hidden.tpl" call='addList'}
        <div class="form-group">
          <label for="pm-list-handle">{$pm.lang.list_handle|replace:'{domain}':$seen.domain|escape}</label>
          <input id="pm-list-handle" class="form-control" type="text" name="handle" autocomplete="off" autocapitalize="none" spellcheck="false" required>
        </div>
        <div class="form-group">
          <label for="pm-list-members">{$pm.lang.list_first_members|escape}</label>
          <textarea id="pm-list-members" class="form-control" name="members" rows="3" autocapitalize="none" spellcheck="false"></textarea>
        </div>
        <button type="submit" class="btn btn-primary">{$pm.lang.list_add|escape}</button>
      </form>
    </div>
  </section>
{elseif !empty($pm.may.list_add.sentence)}
  <p class="pm-why">{$pm.may.list_add.sentence|escape}</p>
{/if}
