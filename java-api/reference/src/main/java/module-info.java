/** Every operator again in plain Java: simple to read, slow to run, computed in double. */
module org.gatun.reference {
  requires transitive org.gatun;
  requires static transitive org.jspecify;

  exports org.gatun.reference;
}
