{extends file="layout.tpl"}
{block name=body}
<h2 class="h4">{if $id}Edit Group{else}Create New Group{/if}</h2>
<form method="post" action="configservers.php" class="standin-form">
  <input type="hidden" name="token" value="{$token}">
  <input type="hidden" name="id" value="{$id}">
  <div class="form-group"><label for="name">Name</label><input class="form-control" id="name" name="name" value="{$name}" required></div>
  <fieldset class="form-group"><legend class="h6">Selected Servers</legend>
    {foreach $servers as $server}<div class="form-check"><input class="form-check-input" type="checkbox" name="servers[]" value="{$server->id}" id="server{$server->id}"{if in_array($server->id, $members)} checked{/if}><label class="form-check-label" for="server{$server->id}">{$server->name}</label></div>{/foreach}
  </fieldset>
  <button class="btn btn-primary" type="submit" name="action" value="savegroup">Save Changes</button>
  <a class="btn btn-link" href="configservers.php">Cancel Changes</a>
</form>
{/block}
