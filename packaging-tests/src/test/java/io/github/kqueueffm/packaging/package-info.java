// SPDX-License-Identifier: Apache-2.0

/** The jar in every packaging that an application may give it, each in a JVM of its own on every JDK that is installed. */
package io.github.kqueueffm.packaging;
