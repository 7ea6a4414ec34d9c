{extends file="layout.tpl"}
{block name=body}
<p><a class="btn btn-primary" href="configservers.php?action=manage">Add New Server</a>
   <a class="btn btn-secondary" href="configservers.php?action=managegroup">Create New Group</a></p>
<div class="table-responsive"><table class="table table-striped" id="servers">
  <caption>Servers</caption>
  <thead><tr><th>Name</th><th>Hostname</th><th>Type</th><th>Username</th><th></th></tr></thead>
  <tbody>{foreach $servers as $server}
    <tr><td>{$server->name}</td><td>{$server->hostname}{if $server->port}:{$server->port}{/if}</td><td>{$types[$server->type]|default:$server->type}</td><td>{$server->username}</td>
      <td><a href="configservers.php?action=manage&amp;id={$server->id}">Edit</a></td></tr>
  {foreachelse}<tr><td colspan="5">No servers yet</td></tr>{/foreach}</tbody>
</table></div>
<div class="table-responsive"><table class="table table-striped" id="servergroups">
  <caption>Groups</caption>
  <thead><tr><th>Group Name</th><th>Servers</th><th></th></tr></thead>
  <tbody>{foreach $groups as $group}
    <tr><td>{$group.name}</td><td>{$group.servers}</td><td><a href="configservers.php?action=managegroup&amp;id={$group.id}">Edit</a></td></tr>
  {foreachelse}<tr><td colspan="3">No groups yet</td></tr>{/foreach}</tbody>
</table></div>
{/block}
