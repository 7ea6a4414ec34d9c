"""What is sold and to whom: products, orders, services, and the e-mails about them."""
