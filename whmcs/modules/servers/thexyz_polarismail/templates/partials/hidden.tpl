{* The fields that every form of ours carries. call: the function; page: where it is. *}
<input type="hidden" name="token" value="{$pm.csrfToken|escape}">
<input type="hidden" name="id" value="{$pm.serviceId|escape}">
<input type="hidden" name="modop" value="custom">
<input type="hidden" name="a" value="{$call|escape}">
<input type="hidden" name="pm" value="{$pm.page|escape}">
