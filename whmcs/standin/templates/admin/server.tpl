{extends file="layout.tpl"}
{block name=body}
<h2 class="h4">{if $id}Edit Server{else}Add New Server{/if}</h2>
<form method="post" action="configservers.php" class="standin-form" id="serverform" autocomplete="off">
  <input type="hidden" name="token" value="{$token}">
  <input type="hidden" name="id" value="{$id}">
  <div class="form-group"><label for="name">Name</label><input class="form-control" id="name" name="name" value="{$server.name}"></div>
  <div class="form-group"><label for="hostname">Hostname</label><input class="form-control" id="hostname" name="hostname" value="{$server.hostname}"></div>
  <div class="form-group"><label for="ipaddress">IP Address</label><input class="form-control" id="ipaddress" name="ipaddress" value="{$server.ipaddress}"></div>
  <h3 class="h5">Server Details</h3>
  <div class="form-group"><label for="type">Type</label>
    <select class="form-control" id="type" name="type">
      <option value="">Choose one...</option>
      {foreach $types as $value => $label}<option value="{$value}" data-port="{$ports[$value]}"{if $value == $server.type} selected{/if}>{$label}</option>{/foreach}
    </select></div>
  <div class="form-group"><label for="username">Username</label><input class="form-control" id="username" name="username" value="{$server.username}"></div>
  <div class="form-group"><label for="password">Password</label><input class="form-control" id="password" name="password" type="password" value="" autocomplete="new-password"{if $id} placeholder="Leave empty to keep it"{/if}></div>
  <div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="secure" name="secure" value="on"{if $server.secure == 'on' || !$id && !$tested} checked{/if}><label class="form-check-label" for="secure">Tick to use SSL Mode for Connections</label></div>
  <div class="form-group"><label for="port">Port</label><input class="form-control" id="port" name="port" value="{$server.port}" inputmode="numeric"><small class="form-text text-muted">Override with Custom Port</small></div>
  <div id="testresult" role="status">{if $tested}
    {* The error is printed as it is, as some versions of WHMCS do. *}
    <div class="alert alert-{if $tested.success}success{else}danger{/if}">{if $tested.success}Connection successful!{else}Connection failed: {$tested.error nofilter}{/if}</div>
  {/if}</div>
  <button class="btn btn-secondary" type="submit" name="action" value="test" id="testconnection">Test Connection</button>
  <button class="btn btn-primary" type="submit" name="action" value="save">Save Changes</button>
  <a class="btn btn-link" href="configservers.php">Cancel Changes</a>
</form>
{/block}
