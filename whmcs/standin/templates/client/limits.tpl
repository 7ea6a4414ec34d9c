<p>This page set imitates WHMCS as its public documentation, its public themes and published modules show it. It loads the
  module's files unchanged, but it is not WHMCS and contains none of it. What it cannot prove:</p>
<ul id="limits">{foreach $limits as $sentence}<li>{$sentence|escape}</li>{/foreach}</ul>
<p><a href="{$WEB_ROOT}/clientarea.php">Client area</a> · <a href="{$WEB_ROOT}/cart.php">Order form</a> · <a href="{$WEB_ROOT}/admin/">Admin area</a></p>
