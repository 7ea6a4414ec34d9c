{* What WHMCS's own overview would say; its values are stored encoded. *}
<section class="panel panel-default card pm-card pm-billing" aria-labelledby="pm-billing">
  <div class="panel-heading card-header"><h3 id="pm-billing" class="pm-title">{$pm.lang.billing|escape}</h3></div>
  <div class="panel-body card-body">
    <dl class="pm-facts">
      {if !empty($product)}<div><dt>{$pm.lang.billing_product|escape}</dt><dd>{if !empty($groupname)}{$groupname|escape:'html':'UTF-8':false} – {/if}{$product|escape:'html':'UTF-8':false}</dd></div>{/if}
      {if !empty($status)}<div><dt>{$pm.lang.billing_status|escape}</dt><dd>{$status|escape:'html':'UTF-8':false}</dd></div>{/if}
      {if !empty($suspendreason)}<div><dt>{$pm.lang.billing_reason|escape}</dt><dd>{$suspendreason|escape:'html':'UTF-8':false}</dd></div>{/if}
      {if !empty($regdate)}<div><dt>{$pm.lang.billing_regdate|escape}</dt><dd>{$regdate|escape:'html':'UTF-8':false}</dd></div>{/if}
      {if !empty($nextduedate)}<div><dt>{$pm.lang.billing_nextduedate|escape}</dt><dd>{$nextduedate|escape:'html':'UTF-8':false}</dd></div>{/if}
      {if !empty($billingcycle)}<div><dt>{$pm.lang.billing_cycle|escape}</dt><dd>{$billingcycle|escape:'html':'UTF-8':false}</dd></div>{/if}
      {if !empty($firstpaymentamount)}<div><dt>{$pm.lang.billing_first_amount|escape}</dt><dd>{$firstpaymentamount|escape:'html':'UTF-8':false}</dd></div>{/if}
      {if !empty($recurringamount)}<div><dt>{$pm.lang.billing_amount|escape}</dt><dd>{$recurringamount|escape:'html':'UTF-8':false}</dd></div>{/if}
      {if !empty($paymentmethod)}<div><dt>{$pm.lang.billing_method|escape}</dt><dd>{$paymentmethod|escape:'html':'UTF-8':false}</dd></div>{/if}
    </dl>
    {if !empty($packagesupgrade)}
      <a class="btn btn-default" href="{$WEB_ROOT|default:''|escape}/upgrade.php?type=package&amp;id={$pm.serviceId|escape:'url'}">{$pm.lang.billing_upgrade|escape}</a>
    {/if}
    {if !empty($pendingcancellation)}
      <span class="text-muted">{$pm.lang.billing_cancelling|escape}</span>
    {elseif !empty($showcancelbutton)}
      <a class="btn btn-default" href="{$WEB_ROOT|default:''|escape}/clientarea.php?action=cancel&amp;id={$pm.serviceId|escape:'url'}">{$pm.lang.billing_cancel|escape}</a>
    {/if}
  </div>
</section>
