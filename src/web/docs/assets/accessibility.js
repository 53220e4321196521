/** Plugin of Swagger UI that adds missing support for keyboards and screen readers. */
export function accessibilityPlugin({ React }) {
  const { createElement: h, useEffect, useRef } = React;

  /** Wraps a component and applies `fix` to its DOM after each render. */
  const withFix = (fix) => (Component) => (properties) => {
    const container = useRef(null);
    useEffect(() => fix(container.current));
    return h('div', { ref: container }, h(Component, properties));
  };

  /** Fields have no label, so they get the name of their row. */
  const labelFields = (container) => {
    const name = container.closest('[data-param-name]')?.dataset.paramName ?? 'Request body';
    for (const field of container.querySelectorAll('input, select, textarea'))
      field.setAttribute('aria-label', name);
  };

  /** Several operations can show responses at the same time, so each region needs a distinct name. */
  const labelRegions = (container) => {
    for (const region of container.querySelectorAll('[role="region"]'))
      region.setAttribute('aria-label', region.id);
  };

  /** Scrollable elements must be reachable without a mouse. */
  const makeScrollableFocusable = (container) => {
    for (const scrollable of container.querySelectorAll('pre')) scrollable.tabIndex = 0;
  };

  /** Buttons must not contain links; the button updates the URL as well. */
  const withoutLink = (DeepLink) => (properties) => h(DeepLink, { ...properties, enabled: false });

  return {
    wrapComponents: {
      JsonSchemaForm: withFix(labelFields),
      TextArea: withFix(labelFields),
      responses: withFix(labelRegions),
      HighlightCode: withFix(makeScrollableFocusable),
      liveResponse: withFix(makeScrollableFocusable),
      DeepLink: withoutLink,
    },
  };
}
