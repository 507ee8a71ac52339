/** Extensions of Tomcat's internals: valves before Spring and connections that notice a disconnect. */
@NullMarked
package io.captioner.web.tomcat;

import org.jspecify.annotations.NullMarked;
