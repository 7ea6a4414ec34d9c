<p>Configure your desired options and continue to checkout.</p>
<form id="frmConfigureProduct" method="post" action="{$WEB_ROOT}/cart.php?a=confproduct&amp;i={$index}" class="standin-form">
  <input type="hidden" name="configure" value="true"><input type="hidden" name="i" value="{$index}"><input type="hidden" name="a" value="confproduct">
  <h2 class="h4">{$product->name|escape} <small>{$price} Monthly</small></h2>
  {* Errors are printed as they are, as the order forms of WHMCS do. *}
  <div class="alert alert-danger{if !$errors} hidden d-none{/if}" role="alert" id="containerProductValidationErrors"><p>Please correct the following errors before continuing:</p><ul id="containerProductValidationErrorsList">{$errors}</ul></div>
  {foreach $options as $optionid => $entry}<div class="form-group"><label for="inputConfigOption{$optionid}">{$entry.option->optionname|escape}</label>
    <select class="form-control" id="inputConfigOption{$optionid}" name="configoption[{$optionid}]">{foreach $entry.items as $item}<option value="{$item->id}"{if $item->id == $chosen[$optionid]|default:0} selected{/if}>{$item->optionname|escape}</option>{/foreach}</select></div>{/foreach}
  {if $product->showdomainoptions}<div class="form-group"><label for="inputDomain">Domain</label><input class="form-control" id="inputDomain" name="domain" value="{$domain|escape:'html':'UTF-8':false}"></div>{/if}
  {if $fields}<h3 class="h5">Additional Required Information</h3>{/if}
  {foreach $fields as $field}<div class="form-group"><label for="customfield{$field->id}">{$field->fieldname|regex_replace:'/^[^|]*\|/':''|escape}{if $field->required == 'on'} *{/if}</label>
    {if $field->fieldtype == 'dropdown'}<select class="form-control" name="customfield[{$field->id}]" id="customfield{$field->id}">{foreach explode(',', $field->fieldoptions) as $item}<option{if $item == $values[$field->id]|default:''} selected{/if}>{$item|escape}</option>{/foreach}</select>
    {else}<input type="text" class="form-control" name="customfield[{$field->id}]" id="customfield{$field->id}" value="{$values[$field->id]|default:''|escape:'html':'UTF-8':false}" autocomplete="off">{/if}
    {if $field->description}<span class="help-block form-text text-muted">{$field->description|escape}</span>{/if}</div>{/foreach}
  {if $product->allowqty}<div class="form-group"><label for="inputQty">Quantity</label><input class="form-control" id="inputQty" name="qty" type="number" min="1" value="{$qty|escape}"></div>{/if}
  <button type="submit" id="btnCompleteProductConfig" class="btn btn-primary btn-lg">Continue</button>
</form>
