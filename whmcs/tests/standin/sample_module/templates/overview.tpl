{include file="`$pm.folder`/partials/nav.tpl" active='overview'}
<p id="address">{$pm.address|escape}</p><p id="status">{$rawstatus|escape}</p>
