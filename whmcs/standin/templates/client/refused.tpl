<div class="alert alert-danger" role="alert">You do not have access to this service.</div>
<p><a href="{$WEB_ROOT}/clientarea.php">Client area</a></p>
