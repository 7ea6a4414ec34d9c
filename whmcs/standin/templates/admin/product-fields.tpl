{function name=fieldform}
  <div class="form-group"><label for="{$key}-fieldname">Field Name</label><input class="form-control" id="{$key}-fieldname" name="{$prefix}[fieldname]" value="{$field->fieldname|default:''}"></div>
  <div class="form-group"><label for="{$key}-fieldtype">Field Type</label><select class="form-control" id="{$key}-fieldtype" name="{$prefix}[fieldtype]">{foreach $kinds as $value => $label}<option value="{$value}"{if $value == $field->fieldtype|default:'text'} selected{/if}>{$label}</option>{/foreach}</select></div>
  <div class="form-group"><label for="{$key}-description">Description</label><input class="form-control" id="{$key}-description" name="{$prefix}[description]" value="{$field->description|default:''}"></div>
  <div class="form-group"><label for="{$key}-regexpr">Validation</label><input class="form-control" id="{$key}-regexpr" name="{$prefix}[regexpr]" value="{$field->regexpr|default:''}"></div>
  <div class="form-group"><label for="{$key}-fieldoptions">Select Options</label><input class="form-control" id="{$key}-fieldoptions" name="{$prefix}[fieldoptions]" value="{$field->fieldoptions|default:''}"></div>
  <div class="form-group"><label for="{$key}-sortorder">Display Order</label><input class="form-control" id="{$key}-sortorder" name="{$prefix}[sortorder]" value="{$field->sortorder|default:'0'}"></div>
  {foreach $flags as $flag => $label}<div class="form-check form-check-inline"><input class="form-check-input" type="checkbox" id="{$key}-{$flag}" name="{$prefix}[{$flag}]" value="on"{if $field->$flag|default:'' == 'on'} checked{/if}><label class="form-check-label" for="{$key}-{$flag}">{$label}</label></div>{/foreach}
{/function}
{$kinds = ['text' => 'Text Box', 'link' => 'Link/URL', 'password' => 'Password', 'dropdown' => 'Drop Down', 'tickbox' => 'Tick Box', 'textarea' => 'Text Area']}
{$flags = ['adminonly' => 'Admin Only', 'required' => 'Required Field', 'showorder' => 'Show on Order Form', 'showinvoice' => 'Show on Invoice']}
<form method="post" action="configproducts.php" class="standin-form">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$product->id}">
  {foreach $fields as $field}
  <fieldset class="card card-body mb-3"><legend class="h6">{$field->fieldname}</legend>{fieldform key="field{$field->id}" prefix="customfield[{$field->id}]" field=$field}</fieldset>
  {/foreach}
  <fieldset class="card card-body mb-3"><legend class="h6">Add New Custom Field</legend>{fieldform key="new" prefix="new" field=null}</fieldset>
  <button class="btn btn-primary" type="submit" name="action" value="savefields">Save Changes</button>
</form>
