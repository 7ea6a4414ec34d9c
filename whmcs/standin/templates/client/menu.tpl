<li class="nav-item"><a class="nav-link" href="{$WEB_ROOT}/clientarea.php">My Services</a></li>
<li class="nav-item"><a class="nav-link" href="{$WEB_ROOT}/cart.php">Order New Services</a></li>
<li class="nav-item"><a class="nav-link" href="{$WEB_ROOT}/cart.php?a=view">View Cart ({$cartcount})</a></li>
{if $loggedin}<li class="nav-item"><a class="nav-link" href="{$WEB_ROOT}/logout.php">Logout {$client.firstname|escape}</a></li>{else}<li class="nav-item"><a class="nav-link" href="{$WEB_ROOT}/clientarea.php">Login</a></li>{/if}
