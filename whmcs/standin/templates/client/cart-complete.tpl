<p>Thank you for your order. You will receive a confirmation email shortly.</p>
<div class="alert alert-info order-confirmation">Your Order Number is: <span>{$order->ordernum|escape}</span></div>
<ul>{foreach $services as $service}<li><a href="{$WEB_ROOT}/clientarea.php?action=productdetails&amp;id={$service->id}">Service {$service->id}</a>: {$service->domainstatus}</li>{/foreach}</ul>
<p><a class="btn btn-primary" href="{$WEB_ROOT}/clientarea.php">Continue To Client Area</a></p>
