      </div>
      {if $sidebars|default:false && $secondarySidebar && $secondarySidebar->hasChildren()}<div class="d-lg-none sidebar sidebar-secondary">{include file="client/sidebar.tpl" sidebar=$secondarySidebar}</div>{/if}
    </div>
  </div>
</section>
<footer id="footer" class="footer"><div class="container"><p>Theme {$template|escape} (Bootstrap 4)</p></div></footer>
{$footeroutput}
</body>
</html>
