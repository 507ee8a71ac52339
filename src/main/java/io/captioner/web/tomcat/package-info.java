/** What is built on internals of Tomcat: valves before Spring and connections that notice a disconnect. */
@NullMarked
package io.captioner.web.tomcat;

import org.jspecify.annotations.NullMarked;
