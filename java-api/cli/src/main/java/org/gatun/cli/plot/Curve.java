package org.gatun.cli.plot;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.gatun.Tensor;

/**
 * A function of one number, to be drawn.
 *
 * @param title its name
 * @param formula what it computes, as HTML
 * @param slope its derivative, as HTML
 * @param use where people use it, in a sentence
 * @param function the function of each element
 * @param gradient its derivative at each element, times a cotangent: of the cotangent and x
 */
record Curve(
    String title,
    String formula,
    String slope,
    String use,
    UnaryOperator<Tensor> function,
    BinaryOperator<Tensor> gradient) {}
