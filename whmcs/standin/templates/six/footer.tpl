      </div>
      {if $sidebars|default:false && $secondarySidebar && $secondarySidebar->hasChildren()}<div class="col-md-3 pull-md-left sidebar sidebar-secondary">{include file="client/sidebar.tpl" sidebar=$secondarySidebar}</div>{/if}
    </div>
    <div class="clearfix"></div>
  </div>
</section>
<section id="footer"><div class="container"><p>Theme {$template|escape} (Bootstrap 3)</p></div></section>
{$footeroutput}
</body>
</html>
