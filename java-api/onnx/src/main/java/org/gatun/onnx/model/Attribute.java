package org.gatun.onnx.model;

import java.util.List;
import java.util.Objects;

/** The value of an attribute of a node. */
public sealed interface Attribute {
  /** An integer. */
  record OfInt(long value) implements Attribute {}

  /** A number. */
  record OfFloat(float value) implements Attribute {}

  /** A text. */
  record OfString(String value) implements Attribute {
    /** Checks that nothing is null. */
    public OfString {
      Objects.requireNonNull(value, "attribute: value is null");
    }
  }

  /** A tensor. */
  record OfTensor(TensorData value) implements Attribute {
    /** Checks that nothing is null. */
    public OfTensor {
      Objects.requireNonNull(value, "attribute: value is null");
    }
  }

  /** A sparse tensor. */
  record OfSparseTensor(SparseTensorData value) implements Attribute {
    /** Checks that nothing is null. */
    public OfSparseTensor {
      Objects.requireNonNull(value, "attribute: value is null");
    }
  }

  /** A graph: a branch or the body of a loop. */
  record OfGraph(Graph value) implements Attribute {
    /** Checks that nothing is null. */
    public OfGraph {
      Objects.requireNonNull(value, "attribute: value is null");
    }
  }

  /** A type. */
  record OfType(ValueType value) implements Attribute {
    /** Checks that nothing is null. */
    public OfType {
      Objects.requireNonNull(value, "attribute: value is null");
    }
  }

  /** Integers. */
  record OfInts(List<Long> values) implements Attribute {
    /** Copies the list. */
    public OfInts {
      values = List.copyOf(values);
    }
  }

  /** Numbers. */
  record OfFloats(List<Float> values) implements Attribute {
    /** Copies the list. */
    public OfFloats {
      values = List.copyOf(values);
    }
  }

  /** Texts. */
  record OfStrings(List<String> values) implements Attribute {
    /** Copies the list. */
    public OfStrings {
      values = List.copyOf(values);
    }
  }

  /** Tensors. */
  record OfTensors(List<TensorData> values) implements Attribute {
    /** Copies the list. */
    public OfTensors {
      values = List.copyOf(values);
    }
  }

  /** Sparse tensors. */
  record OfSparseTensors(List<SparseTensorData> values) implements Attribute {
    /** Copies the list. */
    public OfSparseTensors {
      values = List.copyOf(values);
    }
  }

  /** Graphs. */
  record OfGraphs(List<Graph> values) implements Attribute {
    /** Copies the list. */
    public OfGraphs {
      values = List.copyOf(values);
    }
  }

  /** Types. */
  record OfTypes(List<ValueType> values) implements Attribute {
    /** Copies the list. */
    public OfTypes {
      values = List.copyOf(values);
    }
  }

  /** In the body of a function: the attribute of this name of the node that calls it. */
  record Reference(String name) implements Attribute {
    /** Checks that nothing is null. */
    public Reference {
      Objects.requireNonNull(name, "attribute: name is null");
    }
  }
}
