<h4>Registration Date</h4>{$regdate}
<h4>Recurring Amount</h4>{$recurringamount}
<h4>Billing Cycle</h4>{$billingcycle}
<h4>Next Due Date</h4>{$nextduedate}
<h4>Payment Method</h4>{$paymentmethod}
{if $suspendreason}<h4>Suspension Reason</h4>{$suspendreason|escape}{/if}
