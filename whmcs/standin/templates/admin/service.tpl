{extends file="layout.tpl"}
{block name=body}
<h2 class="h4">{$product->name} <small class="text-muted">{$client->firstname} {$client->lastname}, service {$service->id}</small></h2>
<section aria-label="Module Commands" class="card card-body mb-3"><h3 class="h6">Module Commands</h3>
  <form method="post" action="clientsservices.php" class="standin-buttons" id="modulecommands">
    <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$service->id}"><input type="hidden" name="action" value="module">
    {foreach $commands as $command => $label}<button class="btn btn-secondary" name="command" value="{$command}">{$label}</button>{/foreach}
    <label for="suspreason" class="sr-only">Suspension Reason</label><input class="form-control" id="suspreason" name="suspreason" placeholder="Suspension Reason">
  </form>
  {if $buttons}<form method="post" action="clientsservices.php" class="standin-buttons mt-2" id="custombuttons">
    <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$service->id}"><input type="hidden" name="action" value="custom">
    {foreach $buttons as $label => $function}<button class="btn btn-outline-secondary" name="function" value="{$function}">{$label}</button>{/foreach}
  </form>{/if}
  {if $ssolabel}<form method="post" action="clientsservices.php" class="standin-buttons mt-2" id="ssoform">
    <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$service->id}"><button class="btn btn-outline-secondary" name="action" value="sso">{$ssolabel}</button>
  </form>{/if}
</section>
<form method="post" action="clientsservices.php" class="card card-body mb-3" id="serviceform">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$service->id}">
  <div class="row">
    <div class="col-md-6 form-group"><label for="domain">Domain</label><input class="form-control" id="domain" name="domain" value="{$service->domain nofilter}"></div>
    <div class="col-md-6 form-group"><label for="domainstatus">Status</label><select class="form-control" id="domainstatus" name="domainstatus">{foreach $states as $state}<option{if $state == $service->domainstatus} selected{/if}>{$state}</option>{/foreach}</select></div>
    <div class="col-md-6 form-group"><label for="username">Username</label><input class="form-control" id="username" name="username" value="{$service->username nofilter}" autocomplete="off"></div>
    <div class="col-md-6 form-group"><label for="password">Password</label><input class="form-control" id="password" name="password" type="password" value="" placeholder="Leave empty to keep it" autocomplete="new-password"></div>
    <div class="col-md-6 form-group"><label for="server">Server</label><select class="form-control" id="server" name="server"><option value="0">None</option>{foreach $servers as $server}<option value="{$server->id}"{if $server->id == $service->server} selected{/if}>{$server->name}</option>{/foreach}</select></div>
    {foreach $fields as $field}<div class="col-md-6 form-group"><label for="customfield{$field.id}">{$field.name}</label><input class="form-control" id="customfield{$field.id}" name="customfield[{$field.id}]" value="{$field.value}"></div>{/foreach}
  </div>
  <table class="table" id="tabfields">{foreach $tabfields as $label => $html}<tr><th scope="row">{$label}</th><td>{$html nofilter}</td></tr>{/foreach}</table>
  <p class="text-muted">Disk usage: {$service->diskusage} MB of {$service->disklimit} MB{if $service->lastupdate}, {$service->lastupdate}{/if}</p>
  <div><button class="btn btn-primary" type="submit" name="action" value="save">Save Changes</button></div>
</form>
<section aria-label="Upgrade/Downgrade" class="card card-body mb-3"><h3 class="h6">Upgrade/Downgrade</h3>
  <form method="post" action="clientsservices.php" class="standin-buttons" id="upgradeform">
    <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$service->id}">
    <label for="packageid">Product/Service</label><select class="form-control" id="packageid" name="packageid">{foreach $products as $other}<option value="{$other->id}"{if $other->id == $product->id} selected{/if}>{$other->name}</option>{/foreach}</select>
    <button class="btn btn-secondary" name="action" value="upgrade">Upgrade Product</button>
  </form>
  <form method="post" action="clientsservices.php" class="standin-buttons mt-2" id="optionsform">
    <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$service->id}">
    {foreach $options as $optionid => $entry}<label for="configoption{$optionid}">{$entry.option->optionname}</label><select class="form-control" id="configoption{$optionid}" name="configoption[{$optionid}]">{foreach $entry.items as $item}<option value="{$item->id}"{if $item->id == $chosen[$optionid]|default:0} selected{/if}>{$item->optionname}</option>{/foreach}</select>{/foreach}
    <button class="btn btn-secondary" name="action" value="options">Change Options</button>
  </form>
</section>
<form method="post" action="clientsservices.php"><input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$service->id}"><button class="btn btn-outline-danger" name="action" value="delete">Delete Service</button></form>
{/block}
