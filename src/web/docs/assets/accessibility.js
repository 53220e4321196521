/** A plugin of Swagger UI that gives keyboards and screen readers what it leaves out. */
export function accessibilityPlugin({ React }) {
  const { createElement: h, useEffect, useRef } = React;

  /** The component with `mend` done to what it has drawn, each time that it draws. */
  const withFix = (fix) => (Component) => (properties) => {
    const container = useRef(null);
    useEffect(() => fix(container.current));
    return h('div', { ref: container }, h(Component, properties));
  };

  /** A field is called what its row is called: it has no label of its own. */
  const labelFields = (container) => {
    const name = container.closest('[data-param-name]')?.dataset.paramName ?? 'Request body';
    for (const field of container.querySelectorAll('input, select, textarea'))
      field.setAttribute('aria-label', name);
  };

  /** The answers of several operations can be on the page, each a region of its own. */
  const labelRegions = (container) => {
    for (const region of container.querySelectorAll('[role="region"]'))
      region.setAttribute('aria-label', region.id);
  };

  /** What scrolls must be reached without a mouse. */
  const makeScrollableFocusable = (container) => {
    for (const scrollable of container.querySelectorAll('pre')) scrollable.tabIndex = 0;
  };

  /** The links stand in buttons, where nothing else may be pressed; the address follows the button as well. */
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
