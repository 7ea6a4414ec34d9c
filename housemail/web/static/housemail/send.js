// A form that only leads on is sent by itself; its button does the same without this.
document.querySelector("form[data-send]")?.submit();
