<form method="get" action="configproducts.php" class="form-inline mb-3">
  <input type="hidden" name="action" value="edit"><input type="hidden" name="id" value="{$product->id}"><input type="hidden" name="tab" value="module">
  <label for="servertype" class="mr-2">Module Name</label>
  <select class="form-control mr-2" id="servertype" name="servertype">
    <option value="">None</option>
    {foreach $modules as $value => $label}<option value="{$value}"{if $value == $servertype} selected{/if}>{$label}</option>{/foreach}
  </select>
  <button class="btn btn-secondary" type="submit">Choose</button>
</form>
<form method="post" action="configproducts.php" id="modulesettings">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$product->id}"><input type="hidden" name="servertype" value="{$servertype}">
  <div class="form-group"><label for="servergroup">Server Group</label>
    <select class="form-control" id="servergroup" name="servergroup"><option value="0">None</option>{foreach $servergroups as $group}<option value="{$group->id}"{if $group->id == $product->servergroup} selected{/if}>{$group->name}</option>{/foreach}</select></div>
  <div class="row">
  {foreach $settings as $field}
    {$number = $field@iteration}
    <div class="col-lg-6 form-group">
      <label for="packageconfigoption{$number}">{$field.label}</label>
      {if $field.type == 'yesno'}
      <div class="form-check"><input class="form-check-input" type="checkbox" id="packageconfigoption{$number}" name="packageconfigoption[{$number}]" value="on"{if $field.value == 'on'} checked{/if}> <span>{$field.description nofilter}</span></div>
      {elseif $field.type == 'dropdown' || $field.type == 'radio'}
      <select class="form-control" id="packageconfigoption{$number}" name="packageconfigoption[{$number}]">{foreach $field.items as $value => $label}<option value="{$value}"{if $value == $field.value || $value|regex_replace:'/\|.*/':'' == $field.value || $value|regex_replace:'/.*\|/':'' == $field.value} selected{/if}>{$label}</option>{/foreach}</select>
      <small class="form-text text-muted">{$field.description nofilter}</small>
      {elseif $field.type == 'textarea'}
      <textarea class="form-control" id="packageconfigoption{$number}" name="packageconfigoption[{$number}]" rows="3">{$field.value}</textarea>
      <small class="form-text text-muted">{$field.description nofilter}</small>
      {else}
      <input class="form-control" id="packageconfigoption{$number}" name="packageconfigoption[{$number}]" type="{if $field.type == 'password'}password{else}text{/if}" value="{$field.value}">
      <small class="form-text text-muted">{$field.description nofilter}</small>
      {/if}
    </div>
  {/foreach}
  </div>
  <fieldset class="form-group"><legend class="h6">Automatic Setup</legend>
  {foreach $setup as $value => $label}<div class="form-check"><input class="form-check-input" type="radio" name="autosetup" value="{$value}" id="autosetup-{$value|default:'never'}"{if $value == $product->autosetup} checked{/if}><label class="form-check-label" for="autosetup-{$value|default:'never'}">{$label}</label></div>{/foreach}
  </fieldset>
  <button class="btn btn-primary" type="submit" name="action" value="savemodule">Save Changes</button>
</form>
