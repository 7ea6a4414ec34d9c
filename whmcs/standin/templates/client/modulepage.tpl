{if $breadcrumb}<ol class="breadcrumb">{foreach $breadcrumb as $link => $label}<li class="breadcrumb-item"><a href="{$link|escape}">{$label|escape}</a></li>{/foreach}</ol>{/if}
{$modulepage}
