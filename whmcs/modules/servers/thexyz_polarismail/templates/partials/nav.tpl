{* The four pages of a mailbox. active: the one that is shown. *}
<nav aria-label="{$pm.lang.nav_label|escape}">
  <ul class="nav nav-tabs">
    {foreach ['overview', 'password', 'aliases', 'lists'] as $page}
      {assign var=label value="nav_`$page`"}
      <li class="nav-item{if $active eq $page} active{/if}">
        <a class="nav-link{if $active eq $page} active{/if}"{if $active eq $page} aria-current="page"{/if} href="{$WEB_ROOT|default:''|escape}/{$pm.url|escape}&amp;pm={$page}">{$pm.lang[$label]|escape}</a>
      </li>
    {/foreach}
  </ul>
</nav>
