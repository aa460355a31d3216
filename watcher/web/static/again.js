// The cookie is never sent along when another site or a mail leads here. One reload comes from this page itself, and brings it.
if (!sessionStorage.getItem("again")) {
  sessionStorage.setItem("again", "1");
  location.replace(location.href);
} else {
  sessionStorage.removeItem("again");
}
